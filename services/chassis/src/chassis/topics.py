"""Names of the topics. The key of every record is the machine id (UTF-8); values are JSON."""

READINGS = "pm.readings"
ASSESSMENTS = "pm.assessments"
DEAD_LETTERS = "pm.dead-letters"
REPLAY_READINGS = "pm.replay.readings"
REPLAY_ASSESSMENTS = "pm.replay.assessments"
ALL = (READINGS, ASSESSMENTS, DEAD_LETTERS, REPLAY_READINGS, REPLAY_ASSESSMENTS)
