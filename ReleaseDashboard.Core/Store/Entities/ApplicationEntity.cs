namespace ReleaseDashboard.Core.Store.Entities;

internal sealed class ApplicationEntity
{
    /// <summary>Order of making; what lists are paged by.</summary>
    public long Number { get; set; }
    public required string Name { get; set; }
    public required string Repository { get; set; }
    public bool Hosted { get; set; }
    public required string TrackingBranch { get; set; }
    public int Version { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
