namespace ReleaseDashboard.Core.Runs;

/// <summary>The values that nothing an environment prints may show.</summary>
internal interface IEnvironmentSecrets
{
    /// <summary>Of an environment that is not remembered: none.</summary>
    Task<IReadOnlyCollection<string>> OfAsync(string environment, CancellationToken cancellationToken);
}
