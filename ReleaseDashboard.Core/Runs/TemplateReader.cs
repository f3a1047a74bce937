using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The template room as the commands see it.</summary>
internal sealed class TemplateReader : ITemplateReader
{
    public Parsed<ApplicationTemplate> Template(string yaml) => TemplateParser.Parse(yaml);

    public Parsed<VariablesTemplate> Variables(string yaml)
    {
        var parsed = VariablesParser.Parse(yaml);
        return parsed.HasErrors || VariablesSecrets.Missing(yaml) is not { Count: > 0 } missing ? parsed : new Parsed<VariablesTemplate>(null, [.. parsed.Diagnostics, .. missing]);
    }

    public (IReadOnlyList<TemplateDiagnostic> Template, IReadOnlyList<TemplateDiagnostic> Variables) References(ConfigurationText text) =>
        VariableReferences.Check(text.Template, text.Variables);

    public IReadOnlyList<BuildSpec> Specs(ApplicationTemplate template, string application) => BuildSpecs.From(template, application);

    public string Hash(IReadOnlyList<BuildSpec> specs) => BuildSpecs.Hash(specs);

    public Parsed<ConfigurationText> ForEnvironment(ConfigurationText application, EnvironmentKind kind)
    {
        var merged = EnvironmentTemplateMerge.Merge(application.Template, kind);
        return new Parsed<ConfigurationText>(
            merged.Value is null ? null : new ConfigurationText(merged.Value, EnvironmentTemplateMerge.Variables(application.Variables)),
            merged.Diagnostics);
    }

    public string HideSecrets(string variables) => VariablesSecrets.Hide(variables);

    public string KeepSecrets(string variables, string before) => VariablesSecrets.MergeKept(variables, before);

    public IReadOnlyCollection<string> SecretValues(ConfigurationText text)
    {
        var values = new List<string>();
        if (VariablesParser.Parse(text.Variables).Value is { } variables) values.AddRange(VariablesSecrets.Values(variables));
        if (TemplateParser.Parse(text.Template).Value is { } template)
            values.AddRange(template.Services.SelectMany(s => s.Envs).Concat(template.Jobs.SelectMany(j => j.Envs)).Where(e => e is { Secret: true, Value.Length: > 0 }).Select(e => e.Value!));
        return values;
    }

    public string Generate(string application, string? dockerfile) => dockerfile is null ? StarterTemplate.For(application) : TemplateGenerator.FromDockerfile(application, dockerfile);
}
