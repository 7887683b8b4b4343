package io.switchback.architecture.broken.model;

import io.switchback.architecture.broken.port.LargeActivities;

/** Breaks a rule. */
record KnowsItsPort(LargeActivities port) {}
