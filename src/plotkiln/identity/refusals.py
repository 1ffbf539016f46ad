"""Why a credential is no good: one word for the log, one sentence for whoever showed it."""

from collections.abc import Mapping

from plotkiln.errors import CredentialError

__all__ = ["REFUSALS", "refusal"]

#: By the word that `CredentialError.reason` holds. No sentence repeats anything of the credential.
REFUSALS: Mapping[str, str] = {
    "form": "The token has not the form of one.",
    "algorithm": "The token is signed by an algorithm that is not accepted here.",
    "header": "The token's header asks for what is not understood here.",
    "key": "The token is signed by a key that the provider does not have.",
    "signature": "The token's signature is wrong.",
    "claims": "The token's claims cannot be read.",
    "type": "The token is no access token.",
    "issuer": "The token is from another issuer.",
    "audience": "The token is for another audience.",
    "expired": "The token has expired.",
    "not yet": "The token is not good yet.",
    "subject": "The token does not say who it is for in a usable way.",
    "binding": "The token is bound to a key, and was sent without a proof of that.",
    "token": "Tokens are not taken here, API keys are.",
    "api key": "The API key is not known, or has expired.",
    "session": "The session is over: sign in again.",
    "ticket": "The ticket was used, or is too old.",
    "signed address": "The address is not signed as it should be, or its time is over.",
}


def refusal(reason: str) -> CredentialError:
    """Return what is raised for a credential that breaks a rule."""
    return CredentialError(REFUSALS[reason], reason=reason)
