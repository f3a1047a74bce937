namespace ReleaseDashboard.Core.Store.Entities;

/// <summary>What was applied to an environment.</summary>
internal sealed class AppliedEntity
{
    public required string Environment { get; set; }

    /// <summary>Encrypted JSON of <see cref="Model.DesiredState"/>: it holds secrets in clear.</summary>
    public string? Desired { get; set; }

    /// <summary>JSON, service → hash.</summary>
    public required string Services { get; set; }

    /// <summary>JSON of <see cref="AppliedSummary"/>: what lists show, without decrypting anything.</summary>
    public string? Summary { get; set; }
}
