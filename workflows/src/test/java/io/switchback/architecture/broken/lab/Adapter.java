package io.switchback.architecture.broken.lab;

/** Stands for an adapter, to see that the architecture's rules notice an arrow to it. */
public final class Adapter {}
