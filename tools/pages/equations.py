def set_in(markdown: str) -> str:
    return markdown
