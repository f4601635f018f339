using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>
/// The names of <see cref="FurtherFields"/>, in the form of <see cref="EqlFieldTableAttribute"/>: the rest of the Elastic Common Schema 8, and what Beats and
/// integrations for Windows, Linux audit, clusters, clouds and identity providers write beyond it. A name that a property has too is here for completeness.
/// </summary>
public static class FurtherFieldNames
{
    /// <summary>The table.</summary>
    public const string Table = """
# Elastic Common Schema 8
- texts tags related.hash related.hosts related.ip related.user
agent. text build.original ephemeral_id id name type version
source.|destination.|client.|server. text address domain ip mac nat.ip registered_domain subdomain top_level_domain as.organization.name user.domain user.email
  user.full_name user.hash user.id user.name user.group.domain user.group.id user.group.name
source.|destination.|client.|server. texts user.roles
source.|destination.|client.|server. long bytes packets port nat.port as.number
source.|destination.|client.|server.|host.|observer.|threat.indicator. text geo.city_name geo.continent_code geo.continent_name geo.country_iso_code geo.country_name
  geo.location geo.name geo.postal_code geo.region_iso_code geo.region_name geo.timezone
cloud.|cloud.origin.|cloud.target. text account.id account.name availability_zone instance.id instance.name machine.type project.id project.name provider region service.name
container. text id name runtime image.name labels
container. texts image.tag image.hash.all
container. double cpu.usage memory.usage
container. long disk.read.bytes disk.write.bytes network.egress.bytes network.ingress.bytes
container. bool security_context.privileged
device. text id manufacturer model.identifier model.name serial_number product.id product.name vendor.id vendor.name
dns. text id op_code response_code type question.class question.name question.registered_domain question.subdomain question.top_level_domain question.type
dns. texts header_flags resolved_ip answers.class answers.data answers.name answers.type
email. text content_type delivery_timestamp direction local_id message_id origination_timestamp sender.address subject x_mailer
email. texts bcc.address cc.address from.address reply_to.address to.address attachments.file.extension attachments.file.mime_type attachments.file.name
  attachments.file.hash.md5 attachments.file.hash.sha1 attachments.file.hash.sha256
email. long attachments.file.size
error. text code id message stack_trace type
event. text action agent_id_status code created dataset end hash id ingested kind module original outcome provider reason reference start timezone url
event. texts category type
event. long duration sequence severity
event. double risk_score risk_score_norm
faas. text execution id name trigger.request_id trigger.type version
faas. bool coldstart
file. text accessed created ctime device directory drive_letter extension fork_name gid group inode mime_type mode mtime name owner path target_path type uid
  origin_url origin_referrer_url
file. texts attributes
file. long size
file.|dll.|process.|process.parent.|threat.indicator.file. text hash.cdhash hash.md5 hash.sha1 hash.sha256 hash.sha384 hash.sha512 hash.ssdeep hash.tlsh
  code_signature.digest_algorithm code_signature.flags code_signature.signing_id code_signature.status code_signature.subject_name code_signature.team_id
  code_signature.thumbprint_sha256 code_signature.timestamp pe.architecture pe.company pe.description pe.file_version pe.go_import_hash pe.imphash pe.import_hash
  pe.original_file_name pe.pehash pe.product elf.architecture elf.byte_order elf.cpu_type elf.creation_date elf.go_import_hash elf.import_hash elf.telfhash
  elf.header.abi_version elf.header.class elf.header.data elf.header.os_abi elf.header.type elf.header.version macho.go_import_hash macho.import_hash macho.symhash
file.|dll.|process.|process.parent.|threat.indicator.file. texts elf.shared_libraries pe.go_imports elf.go_imports macho.go_imports
file.|dll.|process.|process.parent.|threat.indicator.file. bool code_signature.exists code_signature.trusted code_signature.valid pe.go_stripped elf.go_stripped macho.go_stripped
file.|tls.client.|tls.server.|threat.indicator. texts x509.alternative_names x509.issuer.common_name x509.issuer.country x509.issuer.locality x509.issuer.organization
  x509.issuer.organizational_unit x509.subject.common_name x509.subject.country x509.subject.locality x509.subject.organization x509.subject.organizational_unit
file.|tls.client.|tls.server.|threat.indicator. text x509.issuer.distinguished_name x509.not_after x509.not_before x509.public_key_algorithm x509.public_key_curve
  x509.serial_number x509.signature_algorithm x509.subject.distinguished_name x509.version_number
group. text domain id name
host. text architecture boot.id domain hostname id name pid_ns_ino type risk.calculated_level risk.static_level os.family os.full os.kernel os.name os.platform os.type os.version
host. texts ip mac
host. long uptime network.egress.bytes network.egress.packets network.ingress.bytes network.ingress.packets disk.read.bytes disk.write.bytes
host. double cpu.usage risk.calculated_score risk.calculated_score_norm risk.static_score
http. text request.body.content request.id request.method request.mime_type request.referrer response.body.content response.mime_type version
  request.headers.authorization request.headers.content-type request.headers.host request.headers.user-agent response.headers.content-type response.headers.location
  response.headers.server
http. long request.body.bytes request.bytes response.body.bytes response.bytes response.status_code
log. text file.path level logger origin.file.name origin.function syslog.appname syslog.facility.name syslog.hostname syslog.msgid syslog.procid syslog.severity.name
  syslog.version
log. long origin.file.line syslog.facility.code syslog.priority syslog.severity.code offset
network. text application community_id direction forwarded_ip iana_number name protocol transport type vlan.id vlan.name inner.vlan.id inner.vlan.name
network. long bytes packets
observer. text hostname name product serial_number type vendor version egress.zone ingress.zone egress.interface.alias egress.interface.id egress.interface.name
  ingress.interface.alias ingress.interface.id ingress.interface.name egress.vlan.id egress.vlan.name ingress.vlan.id ingress.vlan.name os.family os.full os.kernel os.name
  os.platform os.type os.version
observer. texts ip mac
orchestrator. text api_version cluster.id cluster.name cluster.url cluster.version namespace organization resource.id resource.name resource.parent.type resource.type type
orchestrator. texts resource.annotation resource.ip resource.label
organization. text id name
package. text architecture build_version checksum description install_scope installed license name path reference type version fixed_version
package. long size
process.|process.parent.|process.entry_leader.|process.group_leader.|process.session_leader.|process.previous.|process.parent.group_leader. text command_line end entity_id
  executable name start title vpid working_directory env_vars origin_url origin_referrer_url group.id group.name real_group.id real_group.name saved_group.id saved_group.name
  user.id user.name user.domain real_user.id real_user.name saved_user.id saved_user.name attested_user.id attested_user.name attested_groups.name
  entry_meta.type entry_meta.source.ip entry_meta.source.address thread.name
process.|process.parent.|process.entry_leader.|process.group_leader.|process.session_leader.|process.previous.|process.parent.group_leader. texts args
  supplemental_groups.id supplemental_groups.name thread.capabilities.effective thread.capabilities.permitted
process.|process.parent.|process.entry_leader.|process.group_leader.|process.session_leader.|process.previous.|process.parent.group_leader. long args_count exit_code pgid pid
  ppid uptime thread.id entry_meta.source.port tty.char_device.major tty.char_device.minor tty.columns tty.rows
process.|process.parent.|process.entry_leader.|process.group_leader.|process.session_leader.|process.previous.|process.parent.group_leader. bool interactive same_as_process
process.io. text text type
process.io. long total_bytes_captured total_bytes_skipped
process.io. bool max_bytes_per_process_exceeded
process. text session_id process.name
registry. text hive key path value data.bytes data.type
registry. texts data.strings
rule. text author category description id license name reference ruleset uuid version
service.|service.origin.|service.target. text address environment ephemeral_id id name node.name node.role state type version
span.|trace.|transaction. text id
threat. text framework feed.dashboard_id feed.description feed.name feed.reference group.id group.name group.reference software.id software.name software.reference
  software.type indicator.confidence indicator.description indicator.email.address indicator.first_seen indicator.id indicator.ip indicator.last_seen indicator.marking.tlp
  indicator.marking.tlp_version indicator.modified_at indicator.name indicator.provider indicator.reference indicator.type indicator.file.name indicator.file.path
  indicator.registry.hive indicator.registry.key indicator.registry.path indicator.registry.value indicator.url.domain indicator.url.full indicator.url.original
  indicator.url.path indicator.url.scheme indicator.as.organization.name
threat. texts group.alias software.alias software.platforms tactic.id tactic.name tactic.reference technique.id technique.name technique.reference technique.subtechnique.id
  technique.subtechnique.name technique.subtechnique.reference
threat. long indicator.port indicator.scanner_stats indicator.sightings indicator.as.number
tls. text cipher curve next_protocol version version_protocol client.certificate client.hash.md5 client.hash.sha1 client.hash.sha256 client.issuer client.ja3
  client.not_after client.not_before client.server_name client.subject server.certificate server.hash.md5 server.hash.sha1 server.hash.sha256 server.issuer server.ja3s
  server.not_after server.not_before server.subject
tls. texts client.certificate_chain client.supported_ciphers server.certificate_chain
tls. bool established resumed
url. text domain extension fragment full original password path query registered_domain scheme subdomain top_level_domain username
url. long port
user.|user.changes.|user.effective.|user.target. text domain email full_name hash id name group.domain group.id group.name entity.id entity.name entity.type
user.|user.changes.|user.effective.|user.target. texts roles
user. text risk.calculated_level risk.static_level
user. double risk.calculated_score risk.calculated_score_norm
user_agent. text device.name name original version os.family os.full os.kernel os.name os.platform os.type os.version
volume. text bus_type default_access device_name device_type dos_name file_system_type mount_name nt_name product_id product_name serial_number vendor_id vendor_name
volume. long size
volume. bool removable writable
vulnerability. text classification description enumeration id reference report_id scanner.vendor score.version severity
vulnerability. texts category
vulnerability. double score.base score.environmental score.temporal
data_stream. text dataset namespace type
# Elastic Endpoint
process.|process.parent.|Target.process. text Ext.ancestry Ext.authentication_id Ext.protection Ext.session Ext.user Ext.token.integrity_level_name Ext.token.domain
  Ext.token.sid Ext.token.type Ext.token.user Ext.token.elevation_level Ext.effective_parent.executable Ext.effective_parent.entity_id Ext.effective_parent.name
  Ext.defense_evasions Ext.created_suspended Ext.mitigation_policies Ext.device.bus_type Ext.device.product_id Ext.device.volume_device_type
process.|process.parent.|Target.process. long Ext.effective_parent.pid Ext.real.pid Ext.dll.count
process.|process.parent.|Target.process.|dll.|file. double Ext.relative_file_creation_time Ext.relative_file_name_modify_time
process.|process.parent.|Target.process. bool Ext.token.elevation Ext.token.is_appcontainer
file. text Ext.header_bytes Ext.original.extension Ext.original.gid Ext.original.group Ext.original.mode Ext.original.name Ext.original.owner Ext.original.path
  Ext.original.uid Ext.device.bus_type Ext.device.product_id Ext.device.volume_device_type Ext.quarantine_message Ext.quarantine_path Ext.temp_file_path
  Ext.malware_signature.identifier Ext.malware_signature.primary.signature.name Ext.windows.zone_identifier_host
file. double Ext.entropy
file. long Ext.windows.zone_identifier Ext.monotonic_id Ext.entry_modified
file. bool Ext.quarantine_result Ext.is_executable
dll. text Ext.device.bus_type Ext.device.product_id Ext.device.volume_device_type Ext.defense_evasions Ext.mapped_address Ext.mapped_size
registry. text data.pe.original_file_name previous.data.strings
dns. long Ext.options Ext.status
network. text Ext.kernel_event_data.id
endgame. text metadata.type event_subtype_full event_type_full
# Windows event log
winlog. text api activity_id related_activity_id channel computer_name event_id keywords level opcode outcome provider_guid provider_name record_id task time_created
  user.domain user.identifier user.name user.type logon.id logon.type logon.failure.reason logon.failure.status logon.failure.sub_status process.thread.id
  computerObject.domain computerObject.id computerObject.name trustAttribute trustDirection trustType task_id symbolic_id
winlog.user_data. text BackupPath Channel Client Contents ClientMachine ClientProcessId Consumer ESS Id NamespaceName Operation OperationId Param1 Param2 Param3 PossibleCause
  Query QueryName Reason SubjectUserName SubjectUserSid SubjectDomainName SubjectLogonId User xml_name Address EventXML SessionID
winlog.event_data. text AccessGranted AccessList AccessListDescription AccessMask AccessMaskDescription AccessReason AccessRemoved AccountDomain AccountExpires AccountName Action
  ActionName ActiveProfile AdditionalInfo AdditionalInfo2 Address AddressLength AdvancedOptions AllowedToDelegateTo Algorithm AppCorrelationID AppId AppName AppPath
  Application ApplicationId ApplicationPath Archive ArchiveName AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue AuditPolicyChanges AuditPolicyChangesDescription
  AuditSourceName Attributes AuthenticationPackageName Binary BootMode Caller CallTrace CallerProcessId CallerProcessImageName CallerProcessName CategoryId Certificate
  CertIssuerName CertSerialNumber CertThumbprint Channel ClientAddress ClientCreationTime ClientInfo ClientName ClientPort ClientProcessId ClientProcessStartKey
  CommandLine Company ComputerAccountChange Conditions Configuration ConfigAccessPolicy Consumer ContextInfo Contents CountOfCredentialsReturned CountNew CountOld
  CrashOnAuditFailValue CreationTime CreationUtcTime CurrentDirectory Data DeletedBy Description Desired DesiredAccess Destination DestinationAddress DestinationHostname
  DestinationIp DestinationIsIpv6 DestinationPort DestinationPortName DestPort DestAddress Details Detection DeviceClassGuid DeviceDescription DeviceId DeviceName Direction
  DisableIntegrityChecks DisplayName Disposition DnsHostName Domain DomainBehaviorVersion DomainName DomainPolicyChanged DomainSid DSName DSType Dummy DumpFile
  EffectiveAccess ElevatedToken EnabledPrivileges EncryptionType Engine Error ErrorCode EventCode EventId EventNamespace EventSourceId EventType ExecutionProcessID
  ExtraInfo FailureId FailureReason Feature FileDate FileName FileNameBuffer FilePath FileVersion Filter FilterName Flags FormatName ForceLogoff GrantedAccess
  GroupMembership Guid HandleId Hash Hashes HomeDirectory HomePath HostApplication HostId HostName HostVersion HiveName HypervisorDebug HypervisorLaunchType Id Identity
  IdleImplementation Image ImageLoaded ImagePath ImpersonationLevel Initiated InstanceId Interface IpAddress IpPort IPString IsExecutable IsLoopback IsTestConfig
  KernelDebug KeyFilePath KeyLength KeyName KeyType KrbtgtFlags LayerName LayerRTID LicenseType LmPackageName LoadOptions LockoutDuration LockoutObservationWindow LockoutThreshold
  LogFileCleared LogonGuid LogonHours LogonID LogonId LogonProcessName LogonType MachineAccountQuota MachineName MandatoryLabel MaxPasswordAge MemberName MemberSid Message
  MessageNumber MessageTotal MethodName MinPasswordAge MinPasswordLength MixedDomainMode ModifiedObjectProperties ModifyingApplication Name Namespace NamespaceName NewName
  NewProcessId NewProcessName NewSd NewSdDacl0 NewSdDacl1 NewSdDacl2 NewSdSacl0 NewSdSacl1 NewSecurityDescriptor NewTargetUserName NewThreadId NewTime NewUACList NewUacValue
  NewValue NewValueType NotificationPackageName NtObjectPath Object ObjectClass ObjectDN ObjectGUID ObjectName ObjectProperties ObjectServer ObjectType ObjectValueName OemInformation OldName
  OldSd OldTargetUserName OldTime OldUacValue OldValue OldValueType OpCorrelationID Operation OperationName OperationType OriginalFileName PackageName PAData Parameters
  ParentCommandLine ParentImage ParentProcessGuid ParentProcessId ParentProcessName ParentUser PasswordHistoryLength PasswordLastSet PasswordProperties Path Payload
  Peer PerformanceImplementation PipeName Policy PolicyName PreAuthType PreviousCreationUtcTime PreviousTime PrimaryGroupId PrivilegeList PrivilegeListNames Process
  ProcessCommandLine ProcessGuid ProcessID ProcessId ProcessName ProcessPath ProcessPid Product ProfilePath Properties Protocol ProtocolName ProviderName ProviderPath ProviderVersion
  PuaCount PuaPolicyId QfeVersion Query QueryName QueryOptions QueryResults QueryStatus ReadOperation Reason RegistryKey RegistryValue RelativeTargetName RelayingSession
  RemoteAddress RemoteAddresses RemoteEventLogging RemoteMachineDescription RemoteMachineID RemoteName RemotePort RemotePorts RemoteUserDescription RemoteUserID RenderedMessage
  ReplicationEvent Requester RequestId Resource ResourceAttributes ResourceManager RestrictedAdminMode RestrictedSidCount ReturnCode RpcCallClientLocality RuleAttr RuleId RuleName
  RunspaceId SamAccountName SAMAccountName SchemaFriendlyName SchemaVersion ScriptBlockId ScriptBlockText ScriptPath SecurityDescriptor SecurityPackageName SequenceNumber Service ServiceAccount
  ServiceFileName ServiceName ServicePrincipalNames ServiceSid ServiceStartType ServiceType ServiceVersion SessionId SessionName Severity ShareLocalPath ShareName ShutdownActionType
  ShutdownEventCode ShutdownReason SidFilteringEnabled SidHistory SidList Signature SignatureStatus Signed Source SourceAddress SourceCommandLine SourceHostname SourceImage SourceIp
  SourceIsIpv6 SourceName SourceParentCommandLine SourcePort SourcePortName SourceProcessGUID SourceProcessGuid SourceProcessId SourceThreadId SourceUser StackTrace StartAddress
  StartFunction StartModule StartTime StartType State Status StatusDescription StopTime SubCategory SubcategoryGuid SubcategoryId SubjectDomainName SubjectLogonId SubjectUserName
  SubjectUserSid Subject SubStatus SubjectKeyIdentifier TargetComputer TargetDomainName TargetFilename TargetHandleId TargetImage TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId
  TargetName TargetObject TargetOutboundDomainName TargetOutboundUserName TargetProcessGUID TargetProcessGuid TargetProcessId TargetProcessName TargetServer TargetServerName TargetSid TargetUser
  TargetUserName TargetUserSid TaskContent TaskContentNew TaskName Template TemplateContent TemplateDSObjectFQDN TemplateInternalName TemplateOID TemplateSchemaVersion
  TerminalSessionId ThreadId ThreatName TicketEncryptionType TicketEncryptionTypeDescription TicketOptions TicketOptionsDescription TokenElevationType TopLevelName
  TransactionId TransmittedServices Transport TreeDelete TSId Type User UserAccountControl UserData UserName UserParameters UserPrincipalName UserSid UserWorkstations Version
  VirtualAccount VmId Workstation WorkstationName WriteOperation eventSourceName objectName param1 param2 param3 param4 param5 param6 param7 param8 service updateGuid updateTitle
  xml_name
winlog.event_data. texts EnabledPrivilegeList DisabledPrivilegeList UserRights OldUACList
sysmon. text dns.status file.archived file.is_executable
powershell. text id pipeline_id runspace_id command.name command.path command.type command.value connected_user.domain connected_user.name engine.new_state
  engine.previous_state engine.version file.script_block_hash file.script_block_id file.script_block_text file.script_block_signature process.executable_version
  provider.name provider.new_state
powershell. texts command.invocation_details.name command.invocation_details.related_command command.invocation_details.type command.invocation_details.value
powershell. long sequence total file.script_block_length file.script_block_unique_symbols
powershell. double file.script_block_entropy_bits file.script_block_surprisal_stdev
problemchild. long prediction
problemchild. double prediction_probability
- long blocklist_label
- text job_id request result
dga.|ml_is_dga. long prediction malicious_prediction
dga.|ml_is_dga. double malicious_probability
# Linux
auditd. text message_type result session sequence summary.actor.primary summary.actor.secondary summary.how summary.object.primary summary.object.secondary
  summary.object.type user.audit.id user.audit.name user.auid user.filesystem.name user.effective.name log.record_type log.items log.a0 log.a1 log.a2 log.a3
auditd.data. text a0 a1 a2 a3 acct addr arch argc audit_backlog_limit audit_enabled auid auid_old capability cipher class cmd comm data dev dir egid entries euid exe exit family
  file flags format fp fsgid fsuid grantors hostname id items key kind kernel laddr lport mode name new-level new_gid obj oauid oflag ogid op old old_enforcing opid ouid outif
  path per perm pfs pid proctitle prot protocol proto raddr reason resource ringid rport saddr scontext selected seresult seuser ses sgid sig sockaddr socket.addr socket.family
  socket.path socket.port socket.saddr spid src sub subj success suid syscall tclass tcontext terminal tty uid unit ver vm
auditd.paths. texts name nametype mode inode item dev objtype ogid ouid rdev
system.auth. text ssh.dropped_ip ssh.event ssh.method ssh.signature sudo.command sudo.error sudo.pwd sudo.tty sudo.user useradd.home useradd.shell
system.auth. long ssh.port
system.process. double cpu.total.norm.pct
system.cpu. double total.norm.pct
cloud_defend. text trace_point hook_point matched_selectors policy_id package_policy_id
zeek.http. texts client_header_names server_header_names
fortinet.firewall. text action cfgattr cfgpath
suricata.eve. text alert.signature alert.category event_type flow_id
# Clusters
kubernetes.|kubernetes.pod. text namespace name uid ip node.name
kubernetes.audit. text auditID apiVersion kind level stage verb requestURI userAgent requestReceivedTimestamp stageTimestamp user.username user.uid impersonatedUser.username
  objectRef.apiGroup objectRef.apiVersion objectRef.name objectRef.namespace objectRef.resource objectRef.resourceVersion objectRef.serviceAccountName objectRef.subresource
  objectRef.uid annotations.authorization_k8s_io/decision annotations.authorization_k8s_io/reason annotations.authorization.k8s.io/decision
  user.extra.authentication.kubernetes.io/pod-name responseStatus.reason responseStatus.message responseStatus.status responseObject.spec.containers.image
  requestObject.kind requestObject.metadata.name requestObject.metadata.namespace requestObject.spec.serviceAccountName requestObject.spec.type requestObject.spec.nodeName
  requestObject.roleRef.name requestObject.roleRef.kind
kubernetes.audit. texts sourceIPs user.groups impersonatedUser.groups requestObject.rules.resources requestObject.rules.verb requestObject.rules.verbs
  requestObject.spec.containers.image requestObject.spec.containers.name requestObject.spec.containers.command requestObject.spec.containers.args
  requestObject.spec.containers.securityContext.capabilities.add requestObject.spec.volumes.hostPath.path requestObject.subjects.kind requestObject.subjects.name
  requestObject.subjects.namespace
kubernetes.audit. long responseStatus.code requestObject.spec.securityContext.runAsUser requestObject.spec.containers.securityContext.runAsUser
kubernetes.audit. bool requestObject.spec.containers.securityContext.privileged requestObject.spec.containers.securityContext.allowPrivilegeEscalation
  requestObject.spec.hostPID requestObject.spec.hostIPC requestObject.spec.hostNetwork
# Clouds, identity and other services
aws.cloudtrail. text event_type event_version event_category error_code error_message read_only management_event recipient_account_id request_id request_parameters
  response_elements additional_eventdata shared_event_id api_version service_event_details vpc_endpoint_id user_identity.access_key_id user_identity.account_id user_identity.arn
  user_identity.type user_identity.invoked_by user_identity.user_name user_identity.principal_id user_identity.session_context.creation_date
  user_identity.session_context.mfa_authenticated user_identity.session_context.session_issuer.account_id user_identity.session_context.session_issuer.arn
  user_identity.session_context.session_issuer.principal_id user_identity.session_context.session_issuer.type user_identity.session_context.session_issuer.user_name
  console_login.additional_eventdata.login_to console_login.additional_eventdata.mfa_used console_login.additional_eventdata.mobile_version resources.account_id resources.arn
  resources.type flattened.additional_eventdata.mfa_used flattened.response_elements.documentDescription.documentType
aws.cloudtrail.flattened.request_parameters. text activate attribute bucketName cidrIp enable fromPort groupId groupName groupSet.items.groupId includeDeprecated instanceId
  ipPermissions.items.fromPort ipPermissions.items.ipRanges.items.cidrIp key keyId omitted policyArn policyDocument protocol reason roleArn roleName serialNumber toPort userName
  x-amz-server-side-encryption-customer-algorithm
aws.cloudtrail.flattened.request_parameters. bool withDecryption
aws. text guardduty.severity.value s3access.operation s3access.bucket vpcflow.action cloudwatch.message
azure. text correlation_id subscription_id tenant_id resource.group resource.id resource.name resource.namespace resource.provider
azure.activitylogs. text category event_category identity.authorization.action identity.authorization.scope identity.claims.appid identity.claims_initiated_by_user.fullname
  identity.claims_initiated_by_user.name identity.claims_initiated_by_user.schema operation_name result_signature result_type tenant_id level properties.appDisplayName
  properties.appId properties.authentication_protocol properties.resourceDisplayName properties.responseBody properties.status_code properties.service_request_id
  properties.requestbody.properties.roleDefinitionId
azure.auditlogs. text category identity operation_name operation_version result_signature tenant_id properties.activity_datetime properties.activity_display_name
  properties.category properties.correlation_id properties.id properties.initiated_by.app.displayName properties.initiated_by.app.servicePrincipalId
  properties.initiated_by.user.displayName properties.initiated_by.user.id properties.initiated_by.user.ipAddress properties.initiated_by.user.userPrincipalName
  properties.logged_by_service properties.operation_type properties.result properties.result_reason properties.userAgent
azure.auditlogs.properties. texts additional_details.key additional_details.value
azure.auditlogs.properties.target_resources.0.|azure.auditlogs.properties.target_resources.1. text display_name id ip_address type user_principal_name
  modified_properties.0.display_name modified_properties.0.new_value modified_properties.0.old_value modified_properties.1.display_name modified_properties.1.new_value
  modified_properties.1.old_value modified_properties.2.display_name modified_properties.2.new_value modified_properties.3.display_name modified_properties.3.new_value
  modified_properties.4.display_name modified_properties.4.new_value modified_properties.5.display_name modified_properties.5.new_value
azure.signinlogs. text category identity operation_name result_description result_signature result_type tenant_id properties.app_display_name properties.app_id
  properties.app_owner_tenant_id properties.authentication_protocol properties.authentication_requirement properties.client_app_used properties.client_credential_type
  properties.conditional_access_status properties.correlation_id properties.created_at properties.cross_tenant_access_type properties.device_detail.browser
  properties.device_detail.device_id properties.device_detail.display_name properties.device_detail.operating_system properties.device_detail.trust_type properties.id
  properties.incoming_token_type properties.mfa_detail.auth_method properties.original_request_id properties.original_transfer_method properties.resource_display_name
  properties.resource_id properties.resource_owner_tenant_id properties.risk_detail properties.risk_level_aggregated properties.risk_level_during_signin properties.risk_state
  properties.service_principal_id properties.service_principal_name properties.session_id properties.sign_in_identifier properties.status.failure_reason
  properties.tenant_id properties.token_issuer_name properties.token_issuer_type properties.token_protection_status_details.sign_in_session_status
  properties.unique_token_identifier properties.user_agent properties.user_display_name properties.user_id properties.user_principal_name properties.user_type
azure.signinlogs.properties. texts applied_conditional_access_policies.display_name applied_conditional_access_policies.enforced_grant_controls
  applied_conditional_access_policies.result authentication_details.authentication_method authentication_processing_details conditional_access_audiences.application_id
  risk_event_types
azure.signinlogs.properties. long status.error_code
azure.signinlogs.properties. bool is_interactive device_detail.is_managed device_detail.is_compliant
azure.graphactivitylogs.properties. text c_idtyp c_sid requestUri user_principal_object_id app_id api_version client_auth_method request_id
azure.platformlogs. text category event_category operation_name identity.claim.appid identity.claim.upn identity.type properties.accountName properties.id
  properties.userAgentHeader statusCode properties.log.verb properties.log.user.username properties.log.sourceIPs properties.log.requestURI properties.log.objectRef.resource
  properties.log.objectRef.subresource properties.log.objectRef.name properties.log.responseStatus.code
gcp.audit. text authentication_info.authority_selector authentication_info.principal_email authentication_info.principal_subject labels.authorization.k8s.io/decision
  method_name num_response_items request.kind request.metadata.name request.metadata.namespace request.metadata.ownerReferences.kind request.name request.proto_name
  request.resource_name request.spec.serviceAccountName request.spec.type resource_name resource_location.current_locations response.proto_name service_name type status.message
  request_metadata.caller_ip request_metadata.caller_supplied_user_agent
gcp.audit. texts request.subjects.kind request.rules.resources request.rules.verbs response.rules.resources response.rules.verbs request.spec.volumes.hostPath.path
  request.spec.containers.securityContext.capabilities.add authorization_info.permission authorization_info.resource
gcp.audit. long status.code
gcp.audit. bool authorization_info.granted request.spec.hostIPC request.spec.hostNetwork request.spec.hostPID request.spec.containers.securityContext.allowPrivilegeEscalation
github. text action actor_ids.id actor_location.country_code branch category hashed_token hashed_personal_access_token name org permission programmatic_access_type repo repository team user
  user_agent visibility operation_type external_identity_nameid reasons.code reasons.message
github. texts overridden_codes
github. bool repository_public public_repo
google_workspace. text actor.type event.type kind organization.domain admin.application.edition admin.application.name admin.domain.name admin.gateway.name admin.group.email
  admin.new_value admin.old_value admin.org_unit.full admin.org_unit.name admin.privilege.name admin.role.name admin.setting.description admin.setting.name admin.user.email
  device.account_state device.id device.type drive.copy_type drive.destination_folder_title drive.file.id drive.file.owner.email drive.file.type drive.membership_change_type
  drive.new_value drive.old_value drive.originating_app_id drive.owner_is_team_drive drive.visibility drive.visibility_change groups.email groups.setting login.challenge_method
  login.type login.failure_type saml.application_name token.app_name token.client.id token.client.type token.method_name token.scope.data.scope_name
gsuite.admin. text new_value setting.name
- bool google_workspace.login.is_suspicious google_workspace.login.is_second_factor
o365.audit. text Actor.ID ActorContextId ActorIpAddress AppId ApplicationId AzureActiveDirectoryEventType ClientAppId ClientInfoString ClientIP CommunicationType CreationTime
  ExtendedProperties.RequestType ExtendedProperties.ResultStatusDetail ExtendedProperties.additionalDetails ExternalAccess Id InterSystemsId ItemType LogonError LogonType
  MailboxOwnerUPN ModifiedProperties.Role_DisplayName.NewValue Name NewValue ObjectId OldValue Operation OrganizationId Parameters.AllowFederatedUsers
  Parameters.AllowGuestUser Parameters.AllowPublicUsers Parameters.AccessRights Parameters.Deny Parameters.Enabled Parameters.ForwardAsAttachmentTo Parameters.ForwardTo
  Parameters.ForwardingSmtpAddress Parameters.From Parameters.Identity Parameters.Name Parameters.RedirectTo Parameters.State Parameters.SubjectContainsWords
  Parameters.SubjectOrBodyContainsWords RecordType RequestType ResultStatus SearchQueryText SessionId Site SourceFileName SourceRelativeUrl SupportTicketId TargetContextId
  UserAgent UserId UserKey UserType Version Workload AppAccessContext.AADSessionId AppAccessContext.ClientAppId AppAccessContext.UniqueTokenId
o365.audit. texts AffectedItems.Subject DeviceProperties.Name DeviceProperties.Value Members OperationProperties.Name OperationProperties.Value Target.ID Target.Type
o365.audit. long OperationCount
o365.audit. bool IsManagedDevice ParticipantInfo.HasForeignTenantUsers ParticipantInfo.HasGuestUsers ParticipantInfo.HasOtherGuestUsers
okta. text actor.alternate_id actor.display_name actor.id actor.type authentication_context.authentication_provider authentication_context.authentication_step
  authentication_context.credential_provider authentication_context.credential_type authentication_context.external_session_id authentication_context.interface
  authentication_context.issuer client.device client.id client.ip client.user_agent.browser client.user_agent.os client.user_agent.raw_user_agent client.zone
  debug_context.debug_data.device_fingerprint debug_context.debug_data.dt_hash debug_context.debug_data.factor debug_context.debug_data.flattened.grantType
  debug_context.debug_data.flattened.privilegeGranted debug_context.debug_data.flattened.requestedScopes debug_context.debug_data.logOnlySecurityData
  debug_context.debug_data.request_id debug_context.debug_data.request_uri debug_context.debug_data.risk_level debug_context.debug_data.suspicious_activity.browser
  debug_context.debug_data.suspicious_activity.event_type debug_context.debug_data.threat_suspected debug_context.debug_data.url display_message event_type outcome.reason
  outcome.result security_context.as.organization.name security_context.domain security_context.isp severity transaction.id transaction.type uuid version
okta. texts debug_context.debug_data.risk_reasons target.alternate_id target.display_name target.id target.type
okta. long security_context.as.number
okta. bool security_context.is_proxy
crowdstrike. text event.OperationName event.ServiceName event.UserId metadata.eventType ContextBaseFileName ImageFileName CommandLine
m365_defender.event. text action_type file.original.name initiating_process.file_name process.name registry.key_name
sentinel_one_cloud_funnel.event. text meta_event.name type category
jamf_protect. text event_type
jumpcloud. text event_type
onepassword. text action
kibana.alert. text rule.name rule.rule_id rule.type rule.uuid rule.category severity status uuid workflow_status original_event.action original_event.module original_event.kind
kibana.alert. texts rule.tags rule.threat.tactic.id rule.threat.tactic.name rule.threat.technique.id rule.threat.technique.name
kibana.alert. long depth risk_score
signal. text rule.name rule.rule_id
signal. texts rule.tags rule.threat.tactic.name
labels. text is_ioc_transform_source
influencers. texts influencer_field_name influencer_field_values
""";
}
