"""Equipment profiles, readings, features, rules, simulation, training and model artifacts. Knows no HTTP, no Kafka."""
