"""The library every service is bolted to. It holds no business rule and imports nothing of ours."""
