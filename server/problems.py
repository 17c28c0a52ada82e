"""What an operator can put right: told in one line, without a traceback."""


class OperatorProblem(Exception):
    """The message says what is wrong and, where it is not obvious, what to do about it."""

    exit_code = 1


class SettingsInvalid(OperatorProblem):
    exit_code = 2
