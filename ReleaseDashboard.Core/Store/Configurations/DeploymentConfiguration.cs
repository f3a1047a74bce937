using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class DeploymentConfiguration : IEntityTypeConfiguration<DeploymentEntity>
{
    public void Configure(EntityTypeBuilder<DeploymentEntity> builder)
    {
        builder.ToTable("Deployments").HasKey(d => d.Id);
        builder.HasIndex(d => new { d.Environment, d.Id });
        builder.HasIndex(d => new { d.Application, d.Id });
        builder.HasIndex(d => new { d.Status, d.Id });
        builder.HasIndex(d => d.BuildId);
    }
}
