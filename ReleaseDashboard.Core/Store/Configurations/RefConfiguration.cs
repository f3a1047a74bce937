using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class RefConfiguration : IEntityTypeConfiguration<RefEntity>
{
    public void Configure(EntityTypeBuilder<RefEntity> builder)
    {
        builder.ToTable("Refs").HasKey(r => new { r.Application, r.Branch });
    }
}
