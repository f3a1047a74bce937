using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The values a log must never show: those of the configuration that is used, saved or applied.</summary>
internal sealed class RunSecrets(IRecordStore records, ITemplateReader templates) : IEnvironmentSecrets
{
    public Task<IReadOnlyCollection<string>> OfAsync(Run run, CancellationToken cancellationToken) => OfAsync(run.Application, run.Environment, cancellationToken);

    public async Task<IReadOnlyCollection<string>> OfAsync(string environment, CancellationToken cancellationToken) =>
        await records.FindEnvironmentAsync(environment, cancellationToken) is { } found ? await OfAsync(found.Application, environment, cancellationToken) : [];

    private async Task<IReadOnlyCollection<string>> OfAsync(string application, string? environmentId, CancellationToken cancellationToken)
    {
        var texts = new List<SavedConfiguration?> { await records.ReadConfigurationAsync(application, environmentId, cancellationToken) };
        if (environmentId is { } id && await records.FindEnvironmentAsync(id, cancellationToken) is { Applied: { } applied } environment && applied != environment.Saved)
            texts.Add(await records.ReadConfigurationAsync(id, applied, cancellationToken));
        var values = texts.OfType<SavedConfiguration>().SelectMany(c => templates.SecretValues(c.Text)).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (environmentId is { } of) values.AddRange(NamedIn(values, await records.ReadParametersAsync(of, cancellationToken)));
        return values;
    }

    /// <summary>A secret may be made of a parameter: what was given for it is then the secret. Other parameters are no secrets.</summary>
    private static List<string> NamedIn(List<string> values, IReadOnlyDictionary<string, string> parameters) =>
        [.. parameters.Where(p => p.Value.Length > 0 && values.Exists(v => v.Contains($"${{parameters.{p.Key}}}", StringComparison.Ordinal))).Select(p => p.Value)];
}
