"""Real servers for tests and laptops: Apache Kafka, PostgreSQL, and the services as separate processes."""
