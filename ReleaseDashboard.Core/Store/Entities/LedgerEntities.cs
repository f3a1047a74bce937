namespace ReleaseDashboard.Core.Store.Entities;

/// <summary>Who did what, when.</summary>
internal sealed class ActivityEntity
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Actor { get; set; }
    public required string Action { get; set; }
    public required string Subject { get; set; }
    public string? Link { get; set; }
}

/// <summary>A command that was carried out under a key: asked again with the same key it answers the same and does nothing.</summary>
internal sealed class IdempotencyEntity
{
    public required string Key { get; set; }

    /// <summary>Command and arguments: the same key for another request is a mistake of the caller.</summary>
    public required string Request { get; set; }

    /// <summary>Id of what the command made.</summary>
    public required string Result { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class RefEntity
{
    public required string Application { get; set; }
    public required string Branch { get; set; }
    public required string Sha { get; set; }
}

internal sealed class TokenEntity
{
    public required string Kind { get; set; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the secret, hex.</summary>
    public required string Hash { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
}
