package io.switchback.architecture.broken;

import io.switchback.architecture.broken.lab.Adapter;

/** Breaks a rule. */
record KnowsAnAdapter(Adapter adapter) {}
