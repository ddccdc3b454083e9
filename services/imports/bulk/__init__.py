"""Suppliers, offers and demands from CSV and XLSX tables, row by row, in Persian or English."""
