package io.switchback.lab;

/** What a guest tells whoever asks it over HTTP. */
public record GuestStatus(String vm, String boot, long lastWritten, long lastFlushed) {}
