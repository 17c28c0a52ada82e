"""Departments."""

from persistence import tables as t
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.departments import DepartmentRow


class SqlDepartments(SqlRecords[DepartmentRow]):
    listed = searched_list(DepartmentRow, t.departments)
