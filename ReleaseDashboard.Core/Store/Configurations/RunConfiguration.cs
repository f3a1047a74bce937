using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class RunConfiguration : IEntityTypeConfiguration<RunEntity>
{
    public void Configure(EntityTypeBuilder<RunEntity> builder)
    {
        builder.ToTable("Runs").HasKey(r => r.Id);
        // The proof of rule 10: whatever the code does, SQLite refuses a second running run of the same key.
        builder.HasIndex(r => r.LockKey).IsUnique().HasFilter("\"Status\" = 'Running'").HasDatabaseName("IX_Runs_OneRunningPerLockKey");
        builder.HasIndex(r => new { r.Status, r.Id });
        builder.HasIndex(r => new { r.LockKey, r.Status, r.Id });
        builder.HasIndex(r => r.AfterRunId);
        builder.HasIndex(r => r.BuildId);
        builder.HasIndex(r => new { r.Environment, r.Stage, r.Status, r.FinishedAt });
        builder.HasIndex(r => new { r.Application, r.Stage, r.Status, r.FinishedAt });
        builder.HasIndex(r => r.FinishedAt);
    }
}
