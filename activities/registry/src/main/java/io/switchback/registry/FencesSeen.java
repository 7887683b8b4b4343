package io.switchback.registry;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What sites report of the fences that they have seen, beside what the registry has given out. */
final class FencesSeen {
  private FencesSeen() {}

  /** The site that has seen a fence above all that was given out, in a sentence. */
  static Optional<String> ahead(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select format('site ''%s'' has seen fence %s.%s, the registry has given out %s.%s at most',
                          g.site, g.highest_generation, g.highest_epoch, c.generation, given.last_value)
            from greeting g, controller c, epoch given
            where (g.highest_generation, g.highest_epoch) > (c.generation, given.last_value)
            order by g.highest_generation desc, g.highest_epoch desc limit 1
            """)
        .query(String.class)
        .optional();
  }
}
