using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class ConfigurationConfiguration : IEntityTypeConfiguration<ConfigurationEntity>
{
    public void Configure(EntityTypeBuilder<ConfigurationEntity> builder)
    {
        builder.ToTable("Configurations").HasKey(c => c.Id);
        builder.HasIndex(c => new { c.Application, c.Environment, c.Default, c.Specific }).IsUnique();
        builder.HasIndex(c => c.Environment);
    }
}
