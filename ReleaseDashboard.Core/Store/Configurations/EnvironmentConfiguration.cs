using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class EnvironmentConfiguration : IEntityTypeConfiguration<EnvironmentEntity>
{
    public void Configure(EntityTypeBuilder<EnvironmentEntity> builder)
    {
        builder.ToTable("Environments").HasKey(e => e.Number);
        builder.HasIndex(e => e.Id).IsUnique();
        builder.HasIndex(e => new { e.Application, e.Phase });
        builder.HasIndex(e => e.ExpiresAt);
    }
}
