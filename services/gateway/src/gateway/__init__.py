"""The gateway: what people and other systems talk to. Topics come in, history and live data go out."""
