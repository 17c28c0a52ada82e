"""Projects."""

from persistence import tables as t
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.projects import ProjectRow


class SqlProjects(SqlRecords[ProjectRow]):
    listed = searched_list(ProjectRow, t.projects)
