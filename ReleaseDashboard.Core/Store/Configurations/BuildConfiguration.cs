using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class BuildConfiguration : IEntityTypeConfiguration<BuildEntity>
{
    public void Configure(EntityTypeBuilder<BuildEntity> builder)
    {
        builder.ToTable("Builds").HasKey(b => b.Id);
        builder.HasIndex(b => new { b.Application, b.Commit, b.SpecHash });
        builder.HasIndex(b => b.RunId);
    }
}
