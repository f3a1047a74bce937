namespace ReleaseDashboard.Components.Environments;

public enum ConfigurationPart
{
    Template,
    Variables,
}
