using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class ActivityConfiguration : IEntityTypeConfiguration<ActivityEntity>
{
    public void Configure(EntityTypeBuilder<ActivityEntity> builder)
    {
        builder.ToTable("Activity").HasKey(a => a.Id);
    }
}
