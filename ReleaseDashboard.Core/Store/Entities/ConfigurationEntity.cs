namespace ReleaseDashboard.Core.Store.Entities;

/// <summary>One saved version of a template and its variables. Rows are never changed, only added.</summary>
internal sealed class ConfigurationEntity
{
    public long Id { get; set; }
    public required string Application { get; set; }

    /// <summary>Null for the application's own.</summary>
    public string? Environment { get; set; }
    public int Default { get; set; }
    public int Specific { get; set; }
    public required string Template { get; set; }

    /// <summary>Encrypted as a whole: it may hold secret values anywhere.</summary>
    public required string Variables { get; set; }
    public DateTimeOffset SavedAt { get; set; }
    public required string SavedBy { get; set; }
}
