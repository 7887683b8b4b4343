package io.switchback.lab;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a site says of one of its tokens.
 *
 * @param id names it, and is no secret
 * @param expiresAt absent = never
 * @param secret shown once, to whoever had the token made
 */
public record TokenView(
    String id, TokenKind kind, @Nullable Instant expiresAt, @Nullable String secret) {

  @Override
  public String toString() {
    return "TokenView[id=%s, kind=%s, expiresAt=%s]".formatted(id, kind, expiresAt);
  }
}
