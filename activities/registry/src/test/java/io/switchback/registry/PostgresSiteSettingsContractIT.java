package io.switchback.registry;

import com.zaxxer.hikari.HikariDataSource;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.SiteSettingsActivities;
import io.switchback.port.SiteSettingsContract;
import io.switchback.port.SiteSettingsFixture;
import java.util.List;

class PostgresSiteSettingsContractIT extends SiteSettingsContract {
  @Override
  protected SiteSettingsFixture open() {
    return new PostgresFixture();
  }

  private static final class PostgresFixture implements SiteSettingsFixture {
    private final RegistrySettings where = TestPostgres.newRegistry();
    private final HikariDataSource connections = RegistryDatabase.pool(where);
    private final RegistryDatabase database = new RegistryDatabase(where, connections);

    @Override
    public SiteSettingsActivities settings() {
      return new PostgresSiteSettingsActivities(database);
    }

    @Override
    public void say(List<SiteSettings> sites, List<SitePair> pairs) {
      new Sites(database).write(sites, pairs);
    }

    @Override
    public void breakRegistry() {
      connections.getHikariConfigMXBean().setConnectionTimeout(250);
      String name = where.url().substring(where.url().lastIndexOf('/') + 1);
      TestPostgres.run("alter database " + name + " allow_connections false");
      TestPostgres.run(
          "do $$ begin perform pg_terminate_backend(pid) from pg_stat_activity where datname = '"
              + name
              + "'; end $$");
    }

    @Override
    public void close() {
      database.close();
    }
  }
}
