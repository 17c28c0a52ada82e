"""API credentials, without their secrets."""

from persistence import tables as t
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.api_credentials import ApiCredentialRow


class SqlApiCredentials(SqlRecords[ApiCredentialRow]):
    listed = searched_list(ApiCredentialRow, t.api_credentials)
