package io.switchback.worker.rate;

/**
 * What a worker may take of a site's rate now.
 *
 * @param site into which it transfers
 * @param workers that share the rate; 0 until that is known
 * @param bytesPerSecond its part of what each other site may send
 * @param failedLooks how often Temporal could not be asked since the worker began
 */
public record SiteShare(String site, int workers, long bytesPerSecond, long failedLooks) {}
