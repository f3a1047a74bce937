using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;

namespace ReleaseDashboard.Core.Runs;

/// <summary>What the commands need of the template room: a seam, so that the rules are tested without YAML.</summary>
internal interface ITemplateReader
{
    Parsed<ApplicationTemplate> Template(string yaml);

    Parsed<VariablesTemplate> Variables(string yaml);

    /// <summary>Names in values that nothing defines, each at its place. Both texts are valid by themselves.</summary>
    (IReadOnlyList<TemplateDiagnostic> Template, IReadOnlyList<TemplateDiagnostic> Variables) References(ConfigurationText text);

    IReadOnlyList<BuildSpec> Specs(ApplicationTemplate template, string application);

    string Hash(IReadOnlyList<BuildSpec> specs);

    /// <summary>The texts an environment of this kind starts with.</summary>
    Parsed<ConfigurationText> ForEnvironment(ConfigurationText application, EnvironmentKind kind);

    /// <summary>Variables for an editor: secret values left out.</summary>
    string HideSecrets(string variables);

    /// <summary>Variables as saved from an editor, with the values of secrets that were left out put back.</summary>
    string KeepSecrets(string variables, string before);

    /// <summary>Clear values of secrets, which no log may show.</summary>
    IReadOnlyCollection<string> SecretValues(ConfigurationText text);

    /// <summary>A template for a repository that has none.</summary>
    /// <param name="dockerfile">Text of the Dockerfile at the repository's root; null when there is none yet.</param>
    string Generate(string application, string? dockerfile);
}
