package io.switchback.lab;

import org.jspecify.annotations.Nullable;

/** One layer of a disk as stored; layers are listed parents first. */
record LayerState(String id, @Nullable String parent) {}
