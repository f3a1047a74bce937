using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store.Configurations;

internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyEntity>
{
    public void Configure(EntityTypeBuilder<IdempotencyEntity> builder)
    {
        builder.ToTable("Idempotency").HasKey(i => i.Key);
        builder.HasIndex(i => i.At);
    }
}
