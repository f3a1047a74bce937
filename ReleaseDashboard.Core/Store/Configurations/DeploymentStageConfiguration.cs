using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class DeploymentStageConfiguration : IEntityTypeConfiguration<DeploymentStageEntity>
{
    public void Configure(EntityTypeBuilder<DeploymentStageEntity> builder)
    {
        builder.ToTable("DeploymentStages").HasKey(s => new { s.DeploymentId, s.Position });
        builder.HasIndex(s => s.RunId);
    }
}
