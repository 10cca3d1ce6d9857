"""What a person who starts Housecall has to put right; always one sentence that says what to do."""


class SetUpProblem(Exception):
    """Starting cannot go on; the message is shown as it is, without a traceback."""
