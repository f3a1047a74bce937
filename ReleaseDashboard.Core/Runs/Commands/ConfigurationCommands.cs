using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Saving templates and variables. Versions are only ever added. A dry run only reads: it is the same under any key.</summary>
internal sealed class ConfigurationCommands(CommandRunner runner, CommandStore store, ITemplateReader templates)
{
    public Task<Outcome<SavedConfiguration>> SaveApplicationAsync(
        string application, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        RunAsync("save application configuration", application, template, variables, dryRun, context, async tx =>
        {
            if (await tx.ApplicationAsync(application) is not { } row || await tx.ConfigurationAsync(application, null) is not { } present)
                return Refusals.NotFound("application", application);
            return Save(tx, present, template, variables, dryRun, context, () =>
            {
                row.Version++;
                return new ConfigurationVersion(row.Version, 0);
            });
        }, cancellationToken);

    public Task<Outcome<SavedConfiguration>> SaveEnvironmentAsync(
        string environment, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        RunAsync("save environment configuration", environment, template, variables, dryRun, context, async tx =>
        {
            var found = await EnvironmentRules.LivingAsync(tx, environment);
            if (!found.Accepted) return found.Refusal;
            var row = found.Value.Environment;
            if (await tx.ConfigurationAsync(row.Application, environment) is not { } present) return Refusals.NotFound("configuration of", environment);
            return Save(tx, present, template, variables, dryRun, context, () =>
            {
                row.SavedSpecific++;
                return row.SavedVersion();
            });
        }, cancellationToken);

    private Outcome<SavedConfiguration> Save(
        CommandTransaction tx, SavedConfiguration present, string? template, string? variables, bool dryRun, CommandContext context, Func<ConfigurationVersion> next)
    {
        var text = new ConfigurationText(
            template ?? present.Text.Template,
            variables is null ? present.Text.Variables : templates.KeepSecrets(variables, present.Text.Variables));
        if (templates.Template(text.Template) is { HasErrors: true } badTemplate) return Refusals.Template("template", badTemplate.Diagnostics);
        if (templates.Variables(text.Variables) is { HasErrors: true } badVariables) return Refusals.Template("variables", badVariables.Diagnostics);
        var unknown = templates.References(text);
        if (unknown.Template.Count > 0) return Refusals.Template("template", unknown.Template);
        if (unknown.Variables.Count > 0) return Refusals.Template("variables", unknown.Variables);
        // Saving what is there already makes no version: nobody would know what v1.4 changed.
        if (dryRun || text == present.Text) return Shown(present with { Text = text });

        var saved = tx.Save(present.Application, present.Environment, next(), text, context.Actor.Name);
        var subject = present.Environment ?? present.Application;
        tx.Activity(context.Actor.Name, "saved configuration", $"{saved.Version} of {subject}", present.Environment is null ? $"/applications/{subject}" : $"/environments/{subject}");
        return Shown(saved);
    }

    private SavedConfiguration Shown(SavedConfiguration saved) => saved with { Text = saved.Text with { Variables = templates.HideSecrets(saved.Text.Variables) } };

    private Task<Outcome<SavedConfiguration>> RunAsync(
        string name,
        string subject,
        string? template,
        string? variables,
        bool dryRun,
        CommandContext context,
        Func<CommandTransaction, Task<Outcome<SavedConfiguration>>> save,
        CancellationToken cancellationToken) => dryRun ? store.ReadAsync(save, cancellationToken) : runner.RunAsync(
        new Command<bool, SavedConfiguration>(
            name,
            new { subject, Text = Digest.Of(template, variables), dryRun },
            StartsRuns: false,
            Recalls.Nothing,
            (tx, _) => save(tx),
            saved => $"{saved.Version.Default}.{saved.Version.Specific}/{saved.Environment}/{saved.Application}",
            RecallAsync),
        context,
        cancellationToken);

    private async Task<Outcome<SavedConfiguration>> RecallAsync(CommandTransaction tx, string id)
    {
        var parts = id.Split('/', 3);
        var numbers = parts[0].Split('.');
        var version = new ConfigurationVersion(int.Parse(numbers[0]), int.Parse(numbers[1]));
        var found = parts[1].Length > 0 ? await tx.ConfigurationAsync(parts[1], version) : await tx.ApplicationConfigurationAsync(parts[2], version);
        return found is null ? Refusals.NotFound("configuration", id) : Shown(found);
    }
}
