using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class RunStepsConfiguration : IEntityTypeConfiguration<RunStepsEntity>
{
    public void Configure(EntityTypeBuilder<RunStepsEntity> builder)
    {
        builder.ToTable("RunSteps").HasKey(s => s.RunId);
        builder.Property(s => s.RunId).ValueGeneratedNever();
    }
}
