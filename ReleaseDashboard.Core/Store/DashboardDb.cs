using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>The database. Contexts are short: one for each operation, made by the factory; writes only inside <see cref="WriteGate"/>.</summary>
internal sealed class DashboardDb(DbContextOptions<DashboardDb> options) : DbContext(options)
{
    private readonly HashSet<object> _touched = new(ReferenceEqualityComparer.Instance);

    public DbSet<ApplicationEntity> Applications => Set<ApplicationEntity>();
    public DbSet<ConfigurationEntity> Configurations => Set<ConfigurationEntity>();
    public DbSet<EnvironmentEntity> Environments => Set<EnvironmentEntity>();
    public DbSet<AppliedEntity> Applied => Set<AppliedEntity>();
    public DbSet<BuildEntity> Builds => Set<BuildEntity>();
    public DbSet<BuildProgressEntity> BuildProgress => Set<BuildProgressEntity>();
    public DbSet<RunEntity> Runs => Set<RunEntity>();
    public DbSet<RunStepsEntity> RunSteps => Set<RunStepsEntity>();
    public DbSet<DeploymentEntity> Deployments => Set<DeploymentEntity>();
    public DbSet<DeploymentStageEntity> DeploymentStages => Set<DeploymentStageEntity>();
    public DbSet<ActivityEntity> Activity => Set<ActivityEntity>();
    public DbSet<IdempotencyEntity> Idempotency => Set<IdempotencyEntity>();
    public DbSet<RefEntity> Refs => Set<RefEntity>();
    public DbSet<TokenEntity> Tokens => Set<TokenEntity>();

    /// <summary>Every entity that was written through this context: what the change feed is told after the commit.</summary>
    public IReadOnlyCollection<object> Touched => _touched;

    /// <summary>Says that readers of this entity should look again, although its own row was not written (or was, in SQL).</summary>
    public void Touch(object entity) => _touched.Add(entity);

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        Collect();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        Collect();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DashboardDb).Assembly, type => type.Namespace == typeof(Configurations.RunConfiguration).Namespace);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite has no type for a moment: ticks of UTC compare and sort as the moments do.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MomentConverter>();
        // Words, so that a person with the sqlite3 shell can read them and the order of members may change.
        configurationBuilder.Properties<Stage>().HaveConversion<string>();
        configurationBuilder.Properties<RunStatus>().HaveConversion<string>();
        configurationBuilder.Properties<EnvironmentKind>().HaveConversion<string>();
        configurationBuilder.Properties<EnvironmentPhase>().HaveConversion<string>();
        configurationBuilder.Properties<HealthStatus>().HaveConversion<string>();
        configurationBuilder.Properties<SyncStatus>().HaveConversion<string>();
    }

    private void Collect()
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted) _touched.Add(entry.Entity);
        }
    }
}
