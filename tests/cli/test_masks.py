from pathlib import Path

from plotkiln.cli.masks import MASK, configured, mask_of
from plotkiln.settings import read_settings

SECRET = "6f2c9f0e-token"  # noqa: S105 -- a value to look for


def test_only_what_differs_is_shown() -> None:
    """A setting at its default is left out; flags are shown as they are set."""
    environment = {"PORT": "8080", "PLOTKILN_QUEUE": "9", "PLOTKILN_STYLE_STRICT": "1"}
    shown = configured(read_settings(environment), environment)
    assert shown == {"PLOTKILN_QUEUE": "9", "PLOTKILN_STYLE_STRICT": "1"}


def test_secrets_are_masked() -> None:
    """Tokens, keys of an object store, and the user and query of an address are not shown."""
    environment = {
        "CONSUL_HTTP_ADDR": "https://ana:pw123@consul:8501",
        "CONSUL_HTTP_TOKEN": SECRET,
        "PLOTKILN_ARTIFACTS_URL": f"s3://bucket/charts?access={SECRET}",
        "AWS_SECRET_ACCESS_KEY": "very-secret",
        "AWS_REGION": "eu-central-1",
    }
    shown = configured(read_settings(environment), environment)
    assert shown == {
        "CONSUL_HTTP_ADDR": f"https://{MASK}@consul:8501",
        "CONSUL_HTTP_TOKEN": MASK,
        "PLOTKILN_ARTIFACTS_URL": f"s3://bucket/charts?access={MASK}",
        "AWS_SECRET_ACCESS_KEY": MASK,
        "AWS_REGION": "eu-central-1",
    }


def test_a_secret_is_hidden_wherever_it_stands() -> None:
    """Also within a message of somebody else's making."""
    environment = {"CONSUL_HTTP_TOKEN": SECRET, "AWS_SESSION_TOKEN": f"{SECRET}-longer"}
    mask = mask_of(read_settings(environment), environment)
    assert mask(f"denied for {SECRET} and {SECRET}-longer") == f"denied for {MASK} and {MASK}"


def test_secrets_of_identity_are_masked(tmp_path: Path) -> None:
    """The provider's secret, each key of signed addresses, and our own token, by file or not."""
    files = {name: tmp_path / name for name in ("ring", "secret", "token")}
    files["ring"].write_text("new:cmluZyBvbmU=\nold:cmluZyB0d28=\n")
    files["secret"].write_text("the client's secret\n")
    files["token"].write_text("pk_0123_secret\n")
    environment = {
        "PLOTKILN_SIGNING_KEYS": "a:a2V5IG9uZQ==,b:a2V5IHR3bw==",
        "PLOTKILN_OIDC_CLIENT_SECRET": "another secret",
        "PLOTKILN_TOKEN": "pk_4567_secret",
        "PLOTKILN_SIGNING_KEYS_FILE": str(files["ring"]),
        "PLOTKILN_OIDC_CLIENT_SECRET_FILE": str(files["secret"]),
        "PLOTKILN_TOKEN_FILE": str(files["token"]),
    }
    mask = mask_of(read_settings(environment), environment)
    for secret in (
        "a2V5IG9uZQ==", "a2V5IHR3bw==", "cmluZyBvbmU=", "cmluZyB0d28=", "another secret",
        "the client's secret", "pk_0123_secret", "pk_4567_secret",
    ):  # fmt: skip
        assert mask(f"no use for {secret}") == f"no use for {MASK}"
    shown = configured(read_settings(environment), environment)
    assert {name for name, value in shown.items() if value == MASK} == set(list(environment)[:3])


def test_settings_of_many_words_are_shown_as_they_are_set() -> None:
    """Audiences, scopes and grants look as they do in the environment."""
    environment = {
        "PLOTKILN_OIDC_ISSUER": "https://id.example/",
        "PLOTKILN_OIDC_AUDIENCE": "plotkiln,charts",
        "PLOTKILN_OIDC_SCOPES": "jobs+render",
        "PLOTKILN_OIDC_GRANTS": "groups/design=styles:read+styles:write",
    }
    shown = configured(read_settings(environment), environment)
    assert shown == {"PLOTKILN_IDENTITY": "1", **environment}


def test_a_renewed_token_is_hidden(tmp_path: Path) -> None:
    """The content of the token's file is hidden, as it is when that is asked for."""
    file = tmp_path / "token"
    file.write_text("first-token\n")
    environment = {"CONSUL_HTTP_TOKEN_FILE": str(file)}
    settings = read_settings(environment)
    assert mask_of(settings, environment)("first-token") == MASK
    file.write_text("second-token\n")
    assert mask_of(settings, environment)("second-token") == MASK
