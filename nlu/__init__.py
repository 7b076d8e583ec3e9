"""Understanding: what people write becomes an intent, facts, dates and a safety signal."""
