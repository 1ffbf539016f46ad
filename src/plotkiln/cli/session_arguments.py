"""The command line's grammar of who is signed in, and of signed addresses."""

import argparse

__all__ = ["add_sessions"]


def add_sessions(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    sessions = commands.add_parser("sessions", help="sign people out of the web app, everywhere")
    acts = sessions.add_subparsers(dest="act", required=True, metavar="ACT")
    revoke = acts.add_parser("revoke", help="end all sessions of one principal, on every browser")
    revoke.add_argument("principal", help="as the log names them: user:5f2b7c")
    revoke.add_argument("--json", action="store_true", help="print what was ended as JSON")
    address = commands.add_parser(
        "address", help="sign the address of a picture, for pages whose readers have no token"
    )
    address.add_argument("address", help="path and query: /charts/….png?style=report")
    address.add_argument("--hours", type=float, help="hours for which it is good; a week if none")
    address.add_argument("--json", action="store_true", help="print address and time as JSON")
