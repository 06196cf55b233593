"""Exercises: `check` judges an answer anywhere, `author` makes pages, notebooks and cases from Markdown sources.

python -m udl_exercises --help
"""
