"""The names of customers, for services."""

from customers.naming import clean_name, name_columns, pinyin_of

__all__ = ["clean_name", "name_columns", "pinyin_of"]
