using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The values a run's log must never show: those of the configuration it may use, saved or applied.</summary>
internal sealed class RunSecrets(IRecordStore records, ITemplateReader templates)
{
    public async Task<IReadOnlyCollection<string>> OfAsync(Run run, CancellationToken cancellationToken)
    {
        var texts = new List<SavedConfiguration?> { await records.ReadConfigurationAsync(run.Application, run.Environment, cancellationToken) };
        if (run.Environment is { } id && await records.FindEnvironmentAsync(id, cancellationToken) is { Applied: { } applied } environment && applied != environment.Saved)
            texts.Add(await records.ReadConfigurationAsync(id, applied, cancellationToken));
        return [.. texts.OfType<SavedConfiguration>().SelectMany(c => templates.SecretValues(c.Text)).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)];
    }
}
