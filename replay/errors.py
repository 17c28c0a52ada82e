"""What can stop a replay, or take one case out of it.

ReplayStopped
├── UnreadableLog         the log is not what it should be
├── UnusableCredentials   the credentials file is missing or incomplete
├── UnusableState         the state file belongs to another run, or is damaged
├── Unprepared            roles, users, routes … could not be set up
├── Refused               the server does not accept a token
└── Unreachable           the server did not answer within the limit of retries
Diverged                  one case cannot go on; all others do
"""


class ReplayStopped(Exception):
    """The run ends here; what it had done is in the state file."""


class UnreadableLog(ReplayStopped):
    pass


class UnusableCredentials(ReplayStopped):
    pass


class UnusableState(ReplayStopped):
    pass


class Unprepared(ReplayStopped):
    pass


class Refused(ReplayStopped):
    pass


class Unreachable(ReplayStopped):
    pass


class Diverged(Exception):
    """The server did not do what the log says happened."""
