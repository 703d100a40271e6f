"""The hotline's own knowledge: files, tables for the office and frozen tables in memory, each from each."""
