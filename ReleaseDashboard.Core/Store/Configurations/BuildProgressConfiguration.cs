using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class BuildProgressConfiguration : IEntityTypeConfiguration<BuildProgressEntity>
{
    public void Configure(EntityTypeBuilder<BuildProgressEntity> builder)
    {
        builder.ToTable("BuildProgress").HasKey(p => p.BuildId);
        builder.Property(p => p.BuildId).ValueGeneratedNever();
    }
}
