using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class AppliedConfiguration : IEntityTypeConfiguration<AppliedEntity>
{
    public void Configure(EntityTypeBuilder<AppliedEntity> builder)
    {
        builder.ToTable("Applied").HasKey(a => a.Environment);
    }
}
